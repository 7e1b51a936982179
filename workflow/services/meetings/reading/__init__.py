"""A published meeting list as a person reads it: from its lines to the days it proposes. Nothing is kept here."""
