#include </proc/self/mem>
