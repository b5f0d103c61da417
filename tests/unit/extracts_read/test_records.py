"""Lines to records: one bad line costs one record."""

from dashboard.extracts.records import lines_of, records_of


def read(text: str, n_cells: int = 3) -> tuple[list[tuple], list[tuple]]:
    records = list(records_of(enumerate(lines_of([text]), start=1), ",", n_cells=n_cells))
    return (
        [(record.source_row, *record.cells) for record in records if record.reason is None],
        [(record.source_row, record.reason) for record in records if record.reason is not None],
    )


def test_each_record_has_its_physical_row():
    assert read("a,b,c\n\nd,e,f\n,,\n") == ([(1, "a", "b", "c"), (3, "d", "e", "f")], [])


def test_a_cell_over_two_lines_counts_both():
    assert read('a,"b1\nb2",c\nd,e,f') == ([(1, "a", "b1\nb2", "c"), (3, "d", "e", "f")], [])


def test_quotes_commas_and_doubled_quotes_inside_a_quoted_cell():
    assert read('"a,1","say ""x""",""') == ([(1, "a,1", 'say "x"', "")], [])


def test_short_and_long_rows_are_rejected():
    assert read("a,b\na,b,c\na,b,c,d") == (
        [(2, "a", "b", "c")],
        [(1, "2 cells, the header has 3"), (3, "4 cells, the header has 3")],
    )


def test_an_unclosed_quote_costs_one_row_not_the_rest():
    good = [(2, "d", "e", "f"), (3, "g", "h,h", "i")]
    assert read('a,"b,c\nd,e,f\ng,"h,h",i') == (good, [(1, "quote opened and never closed")])


def test_an_unclosed_quote_that_meets_another_does_not_swallow_the_rows_between():
    good = [(2, "d", "e", "f"), (4, "j", "k", "l")]
    found = read('a,"b,c\nd,e,f\ng,h",i,x\nj,k,l')
    assert found == (good, [(1, "quote opened and never closed"), (3, "quote inside a cell")])


def test_a_quote_inside_a_cell_is_rejected():
    assert read('a,5" lesion,c\na,"b"x,c') == ([], [(1, "quote inside a cell"), (2, "quote inside a cell")])


def test_nul_and_lone_carriage_return_are_rejected():
    rejected = [(1, "NUL byte in the row"), (2, "carriage return inside the row")]
    assert read("a,b\0,c\na,b\r,c\nd,e,f\r\n") == ([(3, "d", "e", "f")], rejected)


def test_many_unclosed_quotes_are_read_in_reasonable_time():
    good, rejected = read('a,"b,c\n' * 5_000)
    assert (len(good), len(rejected)) == (0, 5_000)


def test_lines_are_found_across_blocks():
    assert list(lines_of(["a,b\r", "\nc", ",d\ne"])) == ["a,b", "c,d", "e"]
