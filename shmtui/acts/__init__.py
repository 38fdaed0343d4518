"""What changes something: checked against the policy, done, and logged."""
