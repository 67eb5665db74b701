"""One file for each place the navigation leads to."""
