"""The hearing: who was asked, who answered when, what became of each remark, and what was told of it. Nothing
of the councils' decisions."""
