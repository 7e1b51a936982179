"""Ground floor, below ``lifecycle/`` and ``ahead/``: the law's arithmetic. Pure, standard
library only, no clock; a date comes in as an argument."""
