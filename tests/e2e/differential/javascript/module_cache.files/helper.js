console.log('helper runs', module.id, module.parent.id, require.main === module, __filename);
