"""An analyzer that does nothing, for bench_plugin."""

from dprkwatch_plugin import run

run(lambda article, config: (), id="nothing", version="1", provides=["nothing"])
