"""Small programs for the checks, and for generated pages and text templates."""
