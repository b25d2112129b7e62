"""SIGTERM in the middle of load: what was sent is answered."""

import http.client
import threading
import time

from conftest import Service, image_file


def test_nothing_is_lost(gallery):
    service = Service("tiddu-small")
    file = image_file(gallery[1][3])
    lost, answered, stopped = [], [0] * 64, threading.Event()

    def load(number):
        """Until the service says that it will close the connection, or does so while nothing was asked."""
        connection = http.client.HTTPConnection(service.host, service.port, timeout=20)
        connection.connect()
        while True:
            try:
                connection.request("POST", "/restore", file)
                response = connection.getresponse()
                body = response.read()
            except Exception as error:  # whatever it is, a request was lost
                lost.append(repr(error))
                return
            if response.status != 200 or not body:
                lost.append(response.status)
            answered[number] += 1
            if response.getheader("Connection") == "close":
                return

    threads = [threading.Thread(target=load, args=[number]) for number in range(64)]
    for thread in threads:
        thread.start()
    time.sleep(2)
    service.process.terminate()
    for thread in threads:
        thread.join(20)
    assert service.process.wait(20) == 0
    assert lost == [] and min(answered) > 3, (lost[:5], answered)
