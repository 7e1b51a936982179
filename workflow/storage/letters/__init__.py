"""Letters owed and sent: the outbox, its attempts, alarms, each region's settings. No fact of an agreement."""
