"""Where data sets come from: the one table of addresses, sizes and checksums."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RemoteFile:
    """A file to fetch.

    Attributes:
        name: on the server and, but for an archive, in the folder afterwards.
        size: bytes to fetch.
        unpacked_size: bytes of what is in it.
        md5: of the file as it is fetched, or None.
        unpacked_md5: of the gunzipped content, or None. A checksum finds damage; against a forger
            the readers guard themselves, for they trust no file.
    """

    name: str
    size: int
    unpacked_size: int
    md5: str | None = None
    unpacked_md5: str | None = None


@dataclass(frozen=True)
class Source:
    """A data set that can be fetched.

    Attributes:
        name: short, for the shell and the folder.
        title: for people.
        sentence: what it is.
        mirrors: addresses that the files' names are put behind, the first tried first.
        files: what to fetch.
        members: files (name, size) that the archive must hold; empty where the files are none.
    """

    name: str
    title: str
    sentence: str
    mirrors: tuple[str, ...]
    files: tuple[RemoteFile, ...]
    members: tuple[tuple[str, int], ...] = ()

    @property
    def size(self) -> int:
        """Bytes to fetch in all."""
        return sum(file.size for file in self.files)


MNIST = Source(
    "mnist",
    "MNIST",
    "70,000 handwritten digits of 28×28 grey pixels, 10,000 of them to test with",
    (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
    (
        RemoteFile(
            "train-images-idx3-ubyte.gz",
            9_912_422,
            47_040_016,
            unpacked_md5="6bbc9ace898e44ae57da46a324031adb",
        ),
        RemoteFile(
            "train-labels-idx1-ubyte.gz",
            28_881,
            60_008,
            unpacked_md5="a25bea736e30d166cdddb491f175f624",
        ),
        RemoteFile(
            "t10k-images-idx3-ubyte.gz",
            1_648_877,
            7_840_016,
            unpacked_md5="2646ac647ad5339dbf082846283269ea",
        ),
        RemoteFile(
            "t10k-labels-idx1-ubyte.gz",
            4_542,
            10_008,
            unpacked_md5="27ae3e4e09519cfbb04c329615203637",
        ),
    ),
)

CIFAR10 = Source(
    "cifar-10",
    "CIFAR-10",
    "60,000 colour pictures of 32×32 pixels in 10 classes, 10,000 of them to test with",
    ("https://www.cs.toronto.edu/~kriz/",),
    (
        RemoteFile(
            "cifar-10-binary.tar.gz",
            170_052_171,
            185_000_000,
            md5="c32a1d4ab5d03f1284b67883e8d87530",
        ),
    ),
    tuple(
        (f"cifar-10-batches-bin/{name}.bin", 30_730_000)
        for name in (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch")
    ),
)

SOURCES: dict[str, Source] = {source.name: source for source in (MNIST, CIFAR10)}
