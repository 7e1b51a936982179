"""Every day on which something is asked of an agreement: prompts, yearly counts, duties, meetings, and all of them in
one list with the law's deadlines. Pure: reads and writes nothing. Never whom a letter goes to or what it says."""
