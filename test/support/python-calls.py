"""Prints every call in a file of Python as JSON: what is called, the literal arguments (null: none), the names of the others."""

import ast
import json
import sys


def literal(node):
    return node.value if isinstance(node, ast.Constant) else None


calls = [
    {
        "name": ast.unparse(node.func),
        "words": [literal(one) for one in node.args],
        "keywords": [one.arg for one in node.keywords],
    }
    for node in ast.walk(ast.parse(open(sys.argv[1]).read(), sys.argv[1]))
    if isinstance(node, ast.Call)
]
json.dump(calls, sys.stdout)
