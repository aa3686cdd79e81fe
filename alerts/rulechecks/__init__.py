"""What alerts/check holds the alert rules to."""
