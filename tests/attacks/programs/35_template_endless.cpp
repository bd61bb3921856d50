template <class T> struct Box {
	Box<Box<T>> *operator->();
};

int main() { Box<int>()->nothing; }
