"""Commands about the installation: passes, checks, copies and moving. Nothing about one agreement."""
