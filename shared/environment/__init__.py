"""What the environment says, part by part, which `shared.settings` puts together."""
