"""Every measured figure of the README and of docs/, and the script that remakes it.

Run from the checkout: `python -m benchmarks.NAME --help`; places, gates and travel have no options.

    accuracy     docs/accuracy.md: scores of the recipes (`make benchmark-accuracy`)
    speed        docs/performance.md: CPU time beside torch and others (`make benchmark-speed`)
    travel       docs/accuracy.md: the shipped model on the hand-written data
    unseen       docs/accuracy.md: its recipe with each source left out
    corrections  docs/experiments/review.md: sentences to correct, by their order
    going_on     docs/accuracy.md: a new slot from 50 sentences, and what is forgotten
    nets.sh      docs/nets.md: the cells compared, and the pictures
    bulk         docs/bulk.md: `slotfill bulk`, its speed and memory
    load         docs/serve.md: the server under load
    values       docs/values.md: dates and times read, and by other libraries
    places       docs/values.md: what looking up a place costs
    gates        docs/how-it-works.md: the gates of two sentences that differ in the verb
    lesson       docs/how-it-works.md: what is computed, and two nets over the distance
"""
