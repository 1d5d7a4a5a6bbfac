"""docker-compose.yml: the secrets that it reads, and what its one-shot containers do before the services start."""
