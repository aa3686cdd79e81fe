"""What the checks of the rules and those of the dashboards share: PromQL, the metric catalogue, and the labels of a query's result."""
