"""Text recognised in scans and pictures: what the person decides of it."""
