"""Commands about the law: regimes, rule sets, readings, and the papers made from them. Nothing that records
what happened."""
