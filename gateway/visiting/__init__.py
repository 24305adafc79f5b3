"""People who look in: rotas, plates, what they found, reports of households nobody knows."""
