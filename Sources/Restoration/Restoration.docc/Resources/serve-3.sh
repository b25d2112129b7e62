tiddu=.build/release/tiddu
$tiddu train --preset tiddu-small --into runs/mine --epochs 3
$tiddu serve runs/mine tiddu-best --port 9000
