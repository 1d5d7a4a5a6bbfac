"""Prometheus and Grafana: what is scraped, when somebody is called, and what is looked at.  Configuration only."""
