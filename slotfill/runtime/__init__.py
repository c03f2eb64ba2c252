"""The network's forward pass without torch.

    weights.py                the names and shapes of the weights, and whether a model's fit
    one.py                    one sentence from words to tags, by the compiled core and without numpy
    compiled.py               what it consists of: layers and words as the core takes them
    forward.py                `Runtime`, the forward pass in numpy, for any number of sentences
    features.py               word vectors and character features
    inputs.py                 the inputs of a layer
    cell.py, lstm.py, ...     the contract of a cell, and the cells
    direct.py                 the path past the layers
    packed.py                 any number of sentences
    abreast.py                the fast form for one sentence, where there is no core
    long.py                   one sentence of any length, in bounded memory
    threads.py                matrix products on one thread

The equations are those of slotfill/network.py; tests check that all agree. Sentences are run in packed
order (slotfill/batching.py), without padding.

Shapes: B sentences, N tokens of all sentences, W distinct words, P places in the window, E features, K tags, I intents.
"""
