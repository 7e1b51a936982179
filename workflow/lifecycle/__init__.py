"""Ground floor: the state machines of law.md 3. Pure: a table, a state and an event give the next state or say why not.

"Approved by SST" and "in force" are independent axes, so there are several small machines over one agreement:
the version, each council's decision, the period, each status report, each annual review.
"""
