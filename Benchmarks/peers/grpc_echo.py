"""gRPC that answers a request of any bytes with ANSWER_BYTES of them: ANSWER_BYTES=192 python3 grpc_echo.py --port N"""

import os
import sys
from concurrent import futures

import grpc

answer = bytes(int(os.environ["ANSWER_BYTES"]))


class Echo(grpc.GenericRpcHandler):
    def service(self, details):
        if details.method == "/echo/Echo":
            return grpc.unary_unary_rpc_method_handler(lambda request, context: answer)


server = grpc.server(futures.ThreadPoolExecutor(max_workers=8), handlers=(Echo(),))
server.add_insecure_port(f"127.0.0.1:{sys.argv[-1]}")
server.start()
server.wait_for_termination()
