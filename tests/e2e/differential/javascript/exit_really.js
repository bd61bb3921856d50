process.stdout.write('before\n');
process.reallyExit(21);
