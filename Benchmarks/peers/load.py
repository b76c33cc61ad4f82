"""Closed-loop load on the echo servers beside it: python3 load.py grpc|mosec PORT REQUEST-BYTES CALLERS SECONDS

Prints p50 in microseconds and requests a second as JSON, after a second that does not count. Callers are threads of one
process over one gRPC channel, or one kept-alive HTTP connection each: what a program in Python would do.
"""

import http.client
import json
import socket
import statistics
import sys
import threading
import time


def grpc_caller(port):
    import grpc

    channel = grpc.insecure_channel(f"127.0.0.1:{port}")
    grpc.channel_ready_future(channel).result(timeout=20)
    call = channel.unary_unary("/echo/Echo")
    return lambda: call


def mosec_caller(port):
    def connect():
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def call(request):
            connection.request("POST", "/inference", request)
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == 200, body
        return call
    return connect


def wait_for(port):
    end = time.monotonic() + 30
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > end:
                sys.exit(f"nobody listens at {port}")
            time.sleep(0.1)


def main():
    kind, port, count, callers, seconds = sys.argv[1], *map(int, sys.argv[2:5]), float(sys.argv[5])
    wait_for(port)
    connect = {"grpc": grpc_caller, "mosec": mosec_caller}[kind](port)
    request = bytes(count)
    start = time.perf_counter() + 1
    end = start + seconds
    found = [[] for _ in range(callers)]

    def work(times):
        call = connect()
        while True:
            sent = time.perf_counter()
            if sent > end:
                return
            call(request)
            if sent >= start:
                times.append(time.perf_counter() - sent)

    threads = [threading.Thread(target=work, args=(times,)) for times in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = [time for times in found for time in times]
    print(json.dumps({"p50_us": statistics.median(times) * 1e6, "requests_per_second": len(times) / seconds}))


if __name__ == "__main__":
    main()
