static char a[1ULL << 40];

int main(int argc, char **argv)
{
	return a[argc] + argv[0][0] * 0;
}
