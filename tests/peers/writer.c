/*
 * writer KEY SIZE MILLISECONDS: makes the segment of KEY or takes the one that is there, and puts
 * 0, 1, 2 … into its beginning, in decimal with a NUL behind, until it is killed.
 * Says its shmid on a line of its own when it is attached.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <unistd.h>

static int fail(const char *call)
{
	fprintf(stderr, "writer: %s: %s\n", call, strerror(errno));
	return 1;
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: writer KEY SIZE MILLISECONDS\n");
		return 2;
	}
	key_t key = (key_t)strtoul(argv[1], NULL, 0);
	size_t size = strtoul(argv[2], NULL, 0);
	useconds_t pause = (useconds_t)strtoul(argv[3], NULL, 0) * 1000;

	int id = shmget(key, size, IPC_CREAT | 0600);
	if (id < 0)
		return fail("shmget");
	char *text = shmat(id, NULL, 0);
	if (text == (char *)-1)
		return fail("shmat");
	printf("%d\n", id);
	fflush(stdout);

	for (int number = 0;; number++) {
		snprintf(text, size, "%d", number);
		usleep(pause);
	}
}
