"""The desktop portal, over D-Bus: what Wayland lets a program do once the person has said yes."""
