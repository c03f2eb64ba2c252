"""A Ray cluster of two machines on this one, for the tests: `python -m tests.bulk.cluster`.

It prints its address and `begun`. A line on standard input kills the second machine; its end ends the cluster.
"""

import sys

from ray.cluster_utils import Cluster

MACHINE = {"num_cpus": 1, "object_store_memory": 100 << 20, "include_dashboard": False}


def main() -> None:
    """Start, kill, end."""
    cluster = Cluster(initialize_head=True, head_node_args=MACHINE)
    try:
        second = cluster.add_node(**MACHINE)
        sys.stdout.write(f"{cluster.address}\nbegun\n")
        sys.stdout.flush()
        if sys.stdin.readline():
            cluster.remove_node(second, allow_graceful=False)
            sys.stdout.write("killed\n")
            sys.stdout.flush()
        sys.stdin.read()
    finally:
        cluster.shutdown()


if __name__ == "__main__":
    main()
