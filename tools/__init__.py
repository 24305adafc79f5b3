"""Technicians' tools and the virtual home. Products never import this package."""
