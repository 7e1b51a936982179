"""Pages about agreements and their rounds: lists, one agreement, its councils, its plan, its log. No form that
records a fact."""
