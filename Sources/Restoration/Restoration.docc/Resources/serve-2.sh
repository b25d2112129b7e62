curl --data-binary @photo.png http://127.0.0.1:8080/restore > clean.png
curl --data-binary @photo.png http://127.0.0.1:8080/classify
