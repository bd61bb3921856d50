// As much as a pipe holds: more than that is lost or not, as the reader is quick or slow.
process.stdout.write('x'.repeat(65000) + '\n');
process.stderr.write('y'.repeat(65000) + '\n');
process.exit(2);
