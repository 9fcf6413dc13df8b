#include "stage/unread.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

static void open_pair(int pair[2]) {
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
}

static void what_was_sent_can_be_read_after_the_sender_closed(void **state) {
    (void)state;
    int pair[2];
    char bytes[8];
    struct unread unread;
    open_pair(pair);
    struct pollfd reader = {.fd = pair[1], .events = POLLIN};
    assert_int_equal(write(pair[0], "last", 4), 4);
    unread_hold(&unread);
    close(pair[0]);
    assert_int_equal(poll(&reader, 1, 0), 1);
    assert_int_equal(reader.revents, POLLIN);
    assert_int_equal(read(pair[1], bytes, sizeof bytes), 4);
    assert_true(unread_wait(&unread, 1000));
    assert_int_equal(read(pair[1], bytes, sizeof bytes), 0);
    close(pair[1]);
}

static void waiting_ends_when_time_is_up(void **state) {
    (void)state;
    int pair[2];
    struct unread unread;
    open_pair(pair);
    assert_int_equal(write(pair[0], "last", 4), 4);
    unread_hold(&unread);
    close(pair[0]);
    assert_false(unread_wait(&unread, 20));
    close(pair[1]);
}

static void a_peer_that_is_gone_is_not_waited_for(void **state) {
    (void)state;
    int pair[2];
    struct unread unread;
    open_pair(pair);
    assert_int_equal(write(pair[0], "last", 4), 4);
    unread_hold(&unread);
    close(pair[1]);
    assert_true(unread_wait(&unread, 1000));
    close(pair[0]);
}

static void only_connected_unix_sockets_are_held(void **state) {
    (void)state;
    int pair[2], tubes[2];
    struct unread unread;
    unread_hold(&unread);
    const size_t before = unread.count;
    assert_true(unread_wait(&unread, 0) || before > 0);

    const int listening = socket(AF_UNIX, SOCK_STREAM, 0), other = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(pipe(tubes), 0);
    unread_hold(&unread);
    assert_int_equal(unread.count, before);
    unread_wait(&unread, 0);
    open_pair(pair);
    unread_hold(&unread);
    assert_int_equal(unread.count, before + 2);
    for (size_t i = 0; i < unread.count; i++) assert_int_equal(fcntl(unread.fds[i], F_GETFD), FD_CLOEXEC);
    unread_wait(&unread, 0);
    const int fds[] = {pair[0], pair[1], tubes[0], tubes[1], listening, other};
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++) close(fds[i]);
}

static void *read_later(void *fd) {
    char bytes[8];
    nanosleep(&(struct timespec){0, 50000000}, NULL);
    return (void *)(intptr_t)read(*(int *)fd, bytes, sizeof bytes);
}

static void it_waits_for_a_slow_reader(void **state) {
    (void)state;
    int pair[2];
    struct unread unread;
    pthread_t thread;
    void *count;
    open_pair(pair);
    assert_int_equal(write(pair[0], "last", 4), 4);
    unread_hold(&unread);
    close(pair[0]);
    assert_int_equal(pthread_create(&thread, NULL, read_later, &pair[1]), 0);
    assert_true(unread_wait(&unread, 5000));
    pthread_join(thread, &count);
    assert_int_equal((intptr_t)count, 4);
    close(pair[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_sent_can_be_read_after_the_sender_closed),
        cmocka_unit_test(waiting_ends_when_time_is_up),
        cmocka_unit_test(a_peer_that_is_gone_is_not_waited_for),
        cmocka_unit_test(only_connected_unix_sockets_are_held),
        cmocka_unit_test(it_waits_for_a_slow_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
