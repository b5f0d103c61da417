-- One row: how many patients are enrolled at the sites the reader may see.
select count(*) as n_enrolled from patient where enrolled_on is not null
