"""mosec that answers a request of any bytes with ANSWER_BYTES of them: ANSWER_BYTES=192 python3 mosec_echo.py --port N"""

import os

import mosec


class Echo(mosec.Worker):
    """At the module's top, for mosec starts its workers as processes that import it."""

    def deserialize(self, data):
        return data

    def serialize(self, data):
        return data

    def forward(self, data):
        return [bytes(int(os.environ["ANSWER_BYTES"]))] * len(data)


if __name__ == "__main__":
    server = mosec.Server()
    server.append_worker(Echo, max_batch_size=32, max_wait_time=1)
    server.run()
