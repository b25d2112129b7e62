cd tiddu
make serve
