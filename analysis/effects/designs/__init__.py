"""What is known of the designs of published studies: one TOML a study, its sheet, its equations."""
