"""Export to ONNX (extra `onnx`).

graph.py     the network's forward pass as an ONNX graph
export.py    the files, and the check that their scores are those of numpy
"""
