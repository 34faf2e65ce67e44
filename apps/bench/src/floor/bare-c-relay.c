/*
 * A floor without a runtime: pairs TCP sockets in order of arrival with epoll and forwards every
 * byte, to both sockets of a pair if the bytes begin with '2'. It prints its port.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SOCKETS_MAX = 65536, EVENTS_MAX = 256, CHUNK_BYTES = 65536 };

static const char paired[] = "paired";
static int other[SOCKETS_MAX];
static int waiting = -1;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

/* The messages are small and few, so a full send buffer means that the client is gone. */
static void say(int to, const char *bytes, size_t count) {
  if (to >= 0 && send(to, bytes, count, MSG_NOSIGNAL) < 0) shutdown(to, SHUT_RDWR);
}

static void add(int epoll, int socket) {
  int on = 1;
  struct epoll_event event = {.events = EPOLLIN, .data.fd = socket};
  if (socket >= SOCKETS_MAX) {
    close(socket);
    return;
  }
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) < 0) fail("epoll_ctl");
  other[socket] = waiting;
  if (waiting < 0) {
    waiting = socket;
    return;
  }
  other[waiting] = socket;
  say(waiting, paired, sizeof paired - 1);
  say(socket, paired, sizeof paired - 1);
  waiting = -1;
}

static void drop(int socket) {
  if (waiting == socket) waiting = -1;
  if (other[socket] >= 0) other[other[socket]] = -1;
  close(socket);
}

int main(void) {
  static char chunk[CHUNK_BYTES];
  struct epoll_event events[EVENTS_MAX];
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int epoll = epoll_create1(0);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
  memset(other, -1, sizeof other);
  if (epoll < 0 || listener < 0) fail("socket");
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) fail("bind");
  if (listen(listener, 4096) < 0) fail("listen");
  if (getsockname(listener, (struct sockaddr *)&address, &length) < 0) fail("getsockname");
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) < 0) fail("epoll_ctl");
  printf("listening %d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    int count = epoll_wait(epoll, events, EVENTS_MAX, -1);
    for (int i = 0; i < count; i++) {
      int socket = events[i].data.fd;
      if (socket == listener) {
        int accepted;
        while ((accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) add(epoll, accepted);
        continue;
      }
      ssize_t read = recv(socket, chunk, sizeof chunk, 0);
      if (read <= 0) {
        drop(socket);
        continue;
      }
      say(other[socket], chunk, (size_t)read);
      if (chunk[0] == '2') say(socket, chunk, (size_t)read);
    }
  }
}
