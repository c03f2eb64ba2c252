"""Every figure of the README and of docs/ that is measured, and the script that remakes it.

Run from the checkout: `python -m benchmarks.NAME --help` says how.

    accuracy     docs/accuracy.md and README: scores of the recipes (`make benchmark-accuracy`)
    speed        docs/performance.md and README: CPU time beside torch and others (`make benchmark-speed`)
    travel       README: the shipped model on the hand-written data
    nets.sh      README and docs/how-it-works.md: the cells compared, and the pictures
    bulk         docs/bulk.md: `slotfill bulk`, its speed and memory
    load         docs/serve.md: the server under load
    values       docs/values.md: dates and times read, and by other libraries
    places       docs/values.md: what looking up a place costs
    gates        docs/how-it-works.md: the gates of two sentences that differ in the verb
    rare_words   docs/experiments: the harder dev splits of ATIS; accuracy uses them too

measuring.py, launch.py and documents.py hold what they share: costs of processes, and tables in documents.
"""
