"""What only one kind of letter has: the request to a laboratory, the emergency, the leaflet."""
