# Tiddu's repository is in the folder tiddu
make -C tiddu deps
mkdir -p corrector/Sources/corrector
cd corrector
swift package init --type empty --name corrector
