#include </dev/tty>
