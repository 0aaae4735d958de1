"""CSV files of any kind, and the batches made of them."""

import contextlib
import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from nn.data import fruit, table, table_batch
from nn.data.progress import finish


def read(tmp_path, text, name="some.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return finish(table.read(path))


def batch_of(text, target=-1, **options):
    made = table.parse(text, "some.csv")
    return table_batch.prepare(made, target % len(made.columns), **options)


# -- reading -------------------------------------------------------------------------------


def test_numbers_categories_and_missing_values_are_told_apart():
    made = table.parse("age,town,kind\n1,Rome,a\n,Oslo,b\nNaN,?,a\n2.5,Rome,b\n")
    age, town, kind = made.columns
    assert np.isnan(age.numbers).tolist() == [False, True, True, False]
    assert age.missing == 2
    assert town.names == ("Oslo", "Rome")
    assert town.codes.tolist() == [1, 0, -1, 1]
    assert town.missing == 1
    assert kind.names == ("a", "b")
    assert made.rows == made.total == 4


def test_a_few_words_in_a_column_of_numbers_are_missing_numbers():
    rows = "\n".join(f"{i},a" for i in range(18))
    age = table.parse(f"age,kind\n{rows}\nold,b\ninf,b\n").columns[0]
    assert age.is_number
    assert age.odd == ("old", "inf")
    assert age.missing == 2


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator):
    text = "a,b,c\n1,2,x\n3,4,y\n".replace(",", separator)
    assert [column.name for column in table.parse(text).columns] == ["a", "b", "c"]


def test_with_semicolons_a_comma_is_the_decimal_point():
    assert table.parse("a;b\n1,5;x\n2,5;y\n").columns[0].numbers.tolist() == [1.5, 2.5]


def test_quotes_commas_and_line_breaks_in_cells_are_kept():
    made = table.parse('"a, b",kind\n1,"red, or ""so"""\n2,"two\nlines"\n')
    assert made.columns[0].name == "a, b"
    assert made.columns[1].names == ('red, or "so"', "two\nlines")


def test_a_file_of_another_system_is_read(tmp_path):
    made = read(tmp_path, "\ufeffa,b\r\n1,x\r\n\r\n2,é\r\n")
    assert made.columns[0].name == "a"
    assert made.columns[1].names == ("x", "é")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "some.csv is empty"),
        ("\n \n", "some.csv is empty"),
        ("a,b\n", "some.csv has a header but no rows"),
        ("a,b\n\n,\n", "some.csv: no row holds a value|always|holds no values"),
        ("word\n1\n", "some.csv has one column, 'word'; at least two are wanted"),
        ("1,2\n3,4\n", "some.csv has numbers in its first line"),
        ("a,a\n1,2\n", "some.csv has two columns named 'a'"),
        ("a,b\n1,2\n1,2,3\n", "some.csv, line 3: 3 values, but the header names 2 columns"),
        (b"a,b\n1,\xff\n", "some.csv is not text in UTF-8"),
        (b"a,b\n\0,1\n", "some.csv is not text in UTF-8"),
        (b"PK\x03\x04zzz", "some.csv is a workbook or archive, not text"),
        (
            'a,b\n1,"' + "x" * 200_000,
            "some.csv, line 2: a value is too long; perhaps a closing quotation",
        ),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path, text, told):
    with pytest.raises(ValueError, match=told):
        table_batch.prepare(read(tmp_path, text), 1)


def test_a_million_rows_are_thinned_at_random(tmp_path):
    block = "".join(f"{i},{'ab'[i % 2]}\n" for i in range(1000))
    path = tmp_path / "many.csv"
    path.write_text("n,kind\n" + block * 1000)
    job = table.read(path, seed=1)
    assert 0 < next(job).done < 500_000  # it can be cancelled on the way
    made = finish(job)
    assert (made.total, made.rows) == (1_000_000, table.MOST_ROWS)
    assert made.remarks == ("Of 1,000,000 rows 50,000, drawn at random, are used.",)
    assert made.columns[0].numbers.mean() == pytest.approx(499.5, abs=6)


def test_every_row_of_many_is_as_likely_to_be_used(monkeypatch):
    monkeypatch.setattr(table, "MOST_ROWS", 50)
    text = "n,kind\n" + "".join(f"{i},a\n" for i in range(1000))
    used = [table.parse(text, seed=seed).columns[0].numbers for seed in range(200)]
    counts, _ = np.histogram(np.concatenate(used), bins=10, range=(0, 1000))
    assert np.abs(counts / counts.sum() - 0.1).max() < 0.015
    assert all(len(np.unique(rows)) == 50 for rows in used)


@settings(max_examples=60)
@given(st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=4), max_size=6), st.booleans())
def test_no_table_crashes_the_reader(rows, quoted):
    text = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(text, quoting=quoting).writerows([["a", "b"], *rows])
    with contextlib.suppress(ValueError):
        batch = table_batch.prepare(table.parse(text.getvalue()), 1)
        assert np.isfinite(batch.train_x).all()


# -- batches -------------------------------------------------------------------------------


def test_numbers_are_standardised_on_the_training_rows():
    rows = "\n".join(f"{i * i},{'ab'[i % 2]}" for i in range(40))
    batch = batch_of(f"n,kind\n{rows}\n", test_part=0.25)
    assert batch.train_x.shape == (30, 1, 1, 1)
    assert batch.test_x.shape == (10, 1, 1, 1)
    assert batch.train_x.mean() == pytest.approx(0, abs=1e-5)
    assert batch.train_x.std() == pytest.approx(1, abs=1e-5)
    roots = np.sqrt(batch.test_x[:, 0, 0, 0] * batch.scales[0] + batch.means[0])
    assert np.allclose(roots, np.round(roots), atol=1e-2)


def test_categories_are_one_hot_and_missing_ones_none_of_them():
    batch = batch_of("c,kind\nred,a\nblue,b\n?,a\nred,b\n", test_part=0)
    assert batch.features == ("c: blue", "c: red")
    assert batch.train_x[:, :, 0, 0].tolist() == [[0, 1], [1, 0], [0, 0], [0, 1]]
    assert "c is missing in 1 of 4 rows: no category stands in." in batch.remarks


def test_a_missing_number_becomes_the_mean():
    batch = batch_of("n,kind\n1,a\n,b\n3,a\n", test_part=0)
    assert batch.train_x[:, 0, 0, 0].tolist() == [-1, 0, 1]
    assert batch.remarks == ("n is missing in 1 of 3 rows: the mean stands in.",)


def test_rows_without_a_target_are_left_out():
    batch = batch_of("n,kind\n1,a\n2,\n3,b\n4,nan\n", test_part=0)
    assert batch.train_y.tolist() == [0, 1]
    assert "2 rows without kind are left out." in batch.remarks


def test_a_number_can_be_the_target_and_its_classes_are_sorted_by_value():
    batch = batch_of("n,stars\n1,10\n2,9\n3,10\n", test_part=0)
    assert batch.class_names == ("9", "10")
    assert batch.train_y.tolist() == [1, 0, 1]


def test_every_class_is_tested_alike_and_keeps_a_row_to_learn_from():
    rows = "".join(f"{i},{'a' if i < 80 else 'b'}\n" for i in range(99)) + "99,c\n"
    batch = batch_of(f"n,kind\n{rows}", test_part=0.25)
    assert np.bincount(batch.test_y, minlength=3).tolist() == [20, 5, 0]
    assert 2 in batch.train_y


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("n,kind\n1,a\n2,a\n", "kind is always a: a target needs at least 2 classes"),
        ("n,kind\n1,\n2,?\n", "kind holds no values"),
        ("n,kind\n" + "".join(f"1,w{i}\n" for i in range(30)), "kind has 30 different values"),
        ("n,kind\n5,a\n5,b\n", "no column left to learn kind from"),
    ],
)
def test_a_target_that_cannot_be_learnt_is_told(text, told):
    with pytest.raises(ValueError, match=told):
        batch_of(text)


def test_columns_that_teach_nothing_are_left_out_and_told():
    rows = "".join(f"{i},name{i},7,{'ab'[i % 2]}\n" for i in range(60))
    batch = batch_of(f"n,who,seven,kind\n{rows}")
    assert batch.features == ("n",)
    assert "who has 60 different values: left out." in batch.remarks
    assert "seven is always 7: left out." in batch.remarks


def test_the_likely_target_is_the_last_category():
    assert table_batch.likely_target(table.parse("a,kind,n\n1,x,1\n2,y,2\n")) == 1
    assert table_batch.likely_target(table.parse("a,n\n1,1\n2,2\n")) == 1
    assert table_batch.likely_target(table.parse("a,n\n1,1\n1,1\n")) is None


@pytest.mark.parametrize("seed", range(3))
def test_the_fruit_are_learnt_and_tell_held_out_ones_apart(seed):
    made = table.parse(fruit.csv_text(seed=seed), "fruit.csv")
    batch = table_batch.prepare(made, table_batch.likely_target(made), seed=seed)
    assert batch.class_names == ("apple", "lemon", "orange", "pear", "plum")
    text = f"input 1x1x{len(batch.features)}\nflatten\ndense 16 relu\nsoftmax 5"
    network = nn.Network.from_text(text, seed)
    trainer = nn.Trainer(network, nn.optimizers.SGD(lr=0.03, momentum=0.9), seed)
    rng = np.random.default_rng(seed)
    for _ in range(600):
        rows = rng.integers(0, len(batch.train_y), 10)
        trainer.step(batch.train_x[rows], batch.train_y[rows])
    assert (network.predict(batch.test_x).argmax(axis=1) == batch.test_y).mean() > 0.85
