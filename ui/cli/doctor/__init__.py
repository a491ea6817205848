"""What `stimkiosk doctor` looks at: one probe for each subject, and what their lines say."""
