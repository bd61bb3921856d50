throw { kind: 'object', nested: { deep: { deeper: { deepest: 1 } } } };
