"""Commands about one agreement or round: what is asked of it, recorded, planned and rehearsed. No command about
the installation."""
