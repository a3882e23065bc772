//! One file: opened, looked at, its columns given roles; and the rows of its row groups.

use std::any::Any;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::cast::AsArray as _;
use arrow_array::types::Int8Type;
use arrow_array::{Array as _, ArrayRef, DictionaryArray, Int8Array, RecordBatch, RecordBatchReader, StringArray};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Schema, SchemaRef};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::{
    PageIndexPolicy, ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader, ParquetStatisticsPolicy,
    RowGroupMetaData,
};
use rfm_arrow::{BatchRows, Layout};
use rfm_core::Role;
use rfm_core::cell::{DateFormat, NumberFormat};
use rfm_input::{Evidence, Position, ReadOptions, Site, StoredFile};

use crate::chunks::Chunks;
use crate::error::{Error, ErrorKind, Part};
use crate::files::Found;
use crate::guard::guarded;
use crate::options::{ParquetOptions, Undecided};
use crate::preflight::{Footer, Pages, Verdict};
use crate::views::with_views;

/// Rows that are decoded at a time.
pub(crate) const BATCH: usize = 4 * 1024;

/// Bytes of texts that are handed on at a time, about. Views share the text that they show; who reads them writes it out.
const BATCH_TEXT: usize = 4 << 20;

/// Bytes of texts in all rows of a file, and how many more for each of its bytes: a short file can show one text in many rows.
const TEXT_BYTES: (u64, u64) = (16 << 30, 1_000);

/// A file whose columns have roles.
#[derive(Debug)]
pub(crate) struct Table {
    found: Found,
    file: StoredFile,
    footer: Footer,
    metadata: ArrowReaderMetadata,
    layout: Layout,
    /// The columns of partitions that the file itself does not have, behind its own.
    partitions: Vec<(FieldRef, Option<String>)>,
    undecided: Undecided,
    field_bytes: usize,
    /// Bytes of the texts that were shown.
    text_bytes: AtomicU64,
    /// The most values in one page of the columns that were looked at when the file was opened.
    page_values: u64,
    /// Whether the pages of all columns were looked at after those of the needed ones.
    all_checked: Mutex<bool>,
}

/// Rows of one row group, counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) group: usize,
    pub(crate) rows: Range<u64>,
}

/// Which columns are decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Columns {
    /// Those that play a role.
    Needed,
    /// All of them, where a row is compared with others or may be blank.
    All,
}

impl Table {
    pub(crate) fn open(found: &Found, options: &ParquetOptions) -> Result<Table, Error> {
        let file = StoredFile::open(&found.name)?;
        Table::of(file, found, options)
    }

    pub(crate) fn of(file: StoredFile, found: &Found, options: &ParquetOptions) -> Result<Table, Error> {
        let name = file.name().clone();
        let layout = |schema: &Schema| Layout::try_new(&name, schema, &options.arrow);
        let mut table = Table::with_layout(file, found, options, layout)?;
        let columns = match options.read_options().drops_repeated_lines() {
            true => Columns::All,
            false => Columns::Needed,
        };
        if columns == Columns::All {
            table.refuse_lists()?;
        }
        table.page_values = table.check_pages(columns)?;
        Ok(table)
    }

    /// A file whose columns play no role, to be read whole.
    pub(crate) fn whole(found: &Found, options: &ParquetOptions) -> Result<Table, Error> {
        let table = Table::unchecked(found, options)?;
        table.check_pages(Columns::All)?;
        Ok(table)
    }

    /// The same before any page was looked at.
    pub(crate) fn unchecked(found: &Found, options: &ParquetOptions) -> Result<Table, Error> {
        let file = StoredFile::open(&found.name)?;
        let name = file.name().clone();
        Table::with_layout(file, found, options, |schema| Ok(Layout::without_roles(&name, schema)))
    }

    fn with_layout(
        file: StoredFile,
        found: &Found,
        options: &ParquetOptions,
        layout: impl FnOnce(&Schema) -> Result<Layout, rfm_arrow::Error>,
    ) -> Result<Table, Error> {
        let of_fault = |fault| Error::of_fault(fault, file.name());
        let limits = options.read_options().given_limits();
        let footer = Footer::read(&mut file.reader(), file.size(), &limits).map_err(of_fault)?;
        let metadata = load(&file)?;
        check_agreement(&footer, metadata.metadata(), &file)?;
        let mut fields: Vec<FieldRef> = metadata.schema().fields().iter().cloned().collect();
        let mut partitions = Vec::new();
        for (key, value) in &found.partitions {
            if metadata.schema().index_of(key).is_err() {
                let data_type = DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8));
                let field = Arc::new(Field::new(key, data_type, true));
                fields.push(Arc::clone(&field));
                partitions.push((field, value.clone()));
            }
        }
        let layout = layout(&Schema::new(fields))?;
        let found = found.clone();
        Ok(Table {
            found,
            file,
            footer,
            metadata,
            layout,
            partitions,
            undecided: options.undecided.clone(),
            field_bytes: limits.field_bytes,
            text_bytes: AtomicU64::new(0),
            page_values: 0,
            all_checked: Mutex::new(false),
        })
    }

    pub(crate) fn found(&self) -> &Found {
        &self.found
    }

    pub(crate) fn file(&self) -> &StoredFile {
        &self.file
    }

    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    fn site(&self) -> &Site {
        self.layout.site()
    }

    /// Rows of all row groups.
    pub(crate) fn rows(&self) -> u64 {
        self.footer.rows()
    }

    /// How many row groups there are.
    pub(crate) fn row_groups(&self) -> usize {
        self.footer.rows_of_groups().count()
    }

    /// How many columns hold values, and how many of them are decoded.
    pub(crate) fn width(&self, columns: Columns) -> (usize, usize) {
        (self.footer.leaves().len(), self.leaves(columns).len())
    }

    /// The names of the codecs in use.
    pub(crate) fn compression(&self) -> String {
        let groups = self.metadata.metadata().row_groups();
        let codecs = groups.iter().flat_map(RowGroupMetaData::columns).map(|column| column.compression());
        let mut names: Vec<String> = codecs.map(|codec| codec.to_string()).collect();
        names.iter_mut().for_each(|name| *name = name.split('(').next().unwrap_or_default().to_ascii_lowercase());
        names.sort();
        names.dedup();
        names.join(", ")
    }

    /// The leaves to decode, by their place in the file.
    pub(crate) fn leaves(&self, columns: Columns) -> Vec<usize> {
        let leaves = self.metadata.parquet_schema().columns();
        let is_needed = |leaf: &[String]| {
            columns == Columns::All || self.layout.needed().any(|column| self.layout.path(column) == leaf)
        };
        (0..leaves.len()).filter(|leaf| is_needed(leaves[*leaf].path().parts())).collect()
    }

    /// Looks at the pages of what is to be decoded, and gives the most values in one of them.
    fn check_pages(&self, columns: Columns) -> Result<u64, Error> {
        let name = self.file.name();
        let leaves = self.leaves(columns);
        let pages = self.footer.check_pages(&mut self.file.reader(), &leaves);
        let Pages { verdict, most_values } = pages.map_err(|fault| Error::of_fault(fault, name))?;
        match (verdict, &self.undecided) {
            (Verdict::Safe, _) | (Verdict::Undecided { .. }, Undecided::Read) => Ok(most_values),
            (Verdict::Undecided { column, encoding }, Undecided::Refuse) => {
                Err(ErrorKind::Undecided { position: Position::new(name).named(&column), encoding }.into())
            }
            (Verdict::Undecided { .. }, Undecided::Rehearse(rehearsal)) => {
                let elsewhere = |cause| ErrorKind::Elsewhere { position: Position::new(name), cause };
                rehearsal(name, &leaves).map_err(elsewhere)?;
                Ok(most_values)
            }
        }
    }

    /// Looks at the pages of all columns, once, where more of them turn out to be needed.
    pub(crate) fn check_all_pages(&self) -> Result<(), Error> {
        let mut checked = self.all_checked.lock().unwrap_or_else(PoisonError::into_inner);
        if !*checked {
            self.check_pages(Columns::All)?;
            *checked = true;
        }
        Ok(())
    }

    /// Decodes columns, by their places among those that hold values, for nothing but to see that it does no harm.
    pub(crate) fn rehearse(&self, leaves: &[usize]) -> Result<(), Error> {
        for Stretch { group, .. } in self.stretches() {
            let failing = Failing::new(&self.file, Some(group));
            let mut reader = failing.outcome(guarded(|| {
                let mask = ProjectionMask::leaves(self.metadata.parquet_schema(), leaves.iter().copied());
                ParquetRecordBatchReaderBuilder::new_with_metadata(failing.chunks.clone(), self.metadata.clone())
                    .with_row_groups(vec![group])
                    .with_projection(mask)
                    .with_batch_size(BATCH)
                    .build()
            }))?;
            while failing.outcome(guarded(|| reader.next().transpose()))?.is_some() {}
        }
        Ok(())
    }

    /// Two lines that differ in a list only would pass for one.
    fn refuse_lists(&self) -> Result<(), Error> {
        match self.footer.leaves().iter().find(|leaf| leaf.is_repeated) {
            Some(leaf) => Err(ErrorKind::Lists { position: Position::new(self.file.name()).named(&leaf.path) }.into()),
            None => Ok(()),
        }
    }

    /// Takes the texts into account that tell formats of dates and numbers, until no more can change the answer.
    pub(crate) fn observe(self: &Arc<Table>, evidence: &mut Evidence, options: &ReadOptions) -> Result<(), Error> {
        let dates = self.has_unproven(&[Role::Date, Role::FirstOrder]);
        let numbers = self.has_unproven(&[Role::Amount, Role::Quantity, Role::Price, Role::Recency, Role::Frequency]);
        if !dates && !numbers {
            return Ok(());
        }
        // A format that no cell of this file needs is none to look for.
        let looking = if dates { options.clone() } else { options.clone().date_format(DateFormat::YearMonthDay) };
        let looking = if numbers { looking } else { looking.number_format(NumberFormat::Point) };
        let mut is_first = true;
        for stretch in self.stretches() {
            let mut rows = self.read(&stretch, Columns::Needed)?;
            while let Some(batch) = rows.next()? {
                if !is_first && evidence.is_decided(&looking) {
                    return Ok(());
                }
                for row in (0..batch.len()).map(|row| batch.row(row)) {
                    match is_first {
                        true => evidence.observe(&row, self.site(), &looking),
                        false => evidence.observe_further(&row, self.site(), &looking),
                    }
                }
                is_first = false;
            }
        }
        Ok(())
    }

    /// Whether the formats of the cells of a role are not those of their types: of texts, and of digits that are dates.
    fn has_unproven(&self, roles: &[Role]) -> bool {
        let needs_proof = |role: &Role| {
            let column = self.site().roles().column(*role)?;
            let data_type = type_of(self.metadata.schema(), self.layout.path(column));
            // What the file does not have is a text in the name of a directory.
            Some(data_type.is_none_or(|found| is_text(found) || (*role == Role::Date && found.is_numeric())))
        };
        roles.iter().filter_map(needs_proof).any(|needs_proof| needs_proof)
    }

    /// All rows, each row group for itself.
    pub(crate) fn stretches(&self) -> impl Iterator<Item = Stretch> {
        self.footer.rows_of_groups().enumerate().map(|(group, rows)| Stretch { group, rows: 0..rows })
    }

    /// About the most rows of a page: so many have to be decompressed at once.
    pub(crate) fn page_rows(&self) -> u64 {
        self.page_values
    }

    /// How many rows are before a row of a row group.
    pub(crate) fn rows_before(&self, group: usize, row: u64) -> u64 {
        self.footer.rows_of_groups().take(group).sum::<u64>() + row
    }

    /// Some rows of a row group. What is before them is passed over by whole pages, where that can be done.
    pub(crate) fn read(self: &Arc<Table>, stretch: &Stretch, columns: Columns) -> Result<GroupRows, Error> {
        let Stretch { group, rows: Range { start, end } } = stretch.clone();
        let failing = Failing::new(&self.file, Some(group));
        let is_last = self.footer.rows_of_groups().nth(group).is_none_or(|rows| end >= rows);
        let count = |rows: u64| usize::try_from(rows).unwrap_or(usize::MAX);
        let reader = failing.outcome(guarded(|| {
            let mask = ProjectionMask::leaves(self.metadata.parquet_schema(), self.leaves(columns));
            let builder =
                ParquetRecordBatchReaderBuilder::new_with_metadata(failing.chunks.clone(), self.metadata.clone())
                    .with_row_groups(vec![group])
                    .with_projection(mask)
                    .with_batch_size(BATCH)
                    .with_offset(count(start));
            // A row group is read to its end, wherever that is.
            if is_last { builder.build() } else { builder.with_limit(count(end - start)).build() }
        }))?;
        let schema = self.schema_of(&reader);
        let number = self.rows_before(group, start) + 1;
        let (table, left) = (Arc::clone(self), end - start);
        Ok(GroupRows { table, reader: Some(reader), schema, failing, rest: None, number, left })
    }

    fn schema_of(&self, reader: &ParquetRecordBatchReader) -> SchemaRef {
        let own = reader.schema();
        let fields = own.fields().iter().cloned();
        Arc::new(Schema::new(fields.chain(self.partitions.iter().map(|(field, _)| field.clone())).collect::<Vec<_>>()))
    }

    /// The columns of partitions, which have one value in all rows.
    fn partition_columns(&self, rows: usize) -> impl Iterator<Item = ArrayRef> {
        self.partitions.iter().map(move |(_, value)| -> ArrayRef {
            let keys = match value {
                Some(_) => Int8Array::from_value(0, rows),
                None => Int8Array::new_null(rows),
            };
            let values: ArrayRef = Arc::new(StringArray::from(vec![value.clone().unwrap_or_default()]));
            Arc::new(DictionaryArray::<Int8Type>::new(keys, values))
        })
    }
}

/// The type of a field of a field.
fn type_of<'s>(schema: &'s Schema, path: &[String]) -> Option<&'s DataType> {
    let (first, rest) = path.split_first()?;
    let mut data_type = schema.field_with_name(first).ok()?.data_type();
    for name in rest {
        let DataType::Struct(fields) = data_type else { return None };
        data_type = fields.find(name)?.1.data_type();
    }
    Some(data_type)
}

/// What the library makes of the footer. It is decoded once more there; both must have seen the same.
fn load(file: &StoredFile) -> Result<ArrowReaderMetadata, Error> {
    let failing = Failing::new(file, None);
    failing.outcome(guarded(|| {
        // Nothing of this is needed, some of it is written wrongly by some writers, and it takes memory.
        let options = ParquetMetaDataOptions::new()
            .with_column_stats_policy(ParquetStatisticsPolicy::SkipAll)
            .with_size_stats_policy(ParquetStatisticsPolicy::SkipAll)
            .with_encoding_stats_policy(ParquetStatisticsPolicy::SkipAll);
        let reader = ParquetMetaDataReader::new()
            .with_page_index_policy(PageIndexPolicy::Skip)
            .with_metadata_options(Some(options));
        let metadata = reader.parse_and_finish(&failing.chunks)?;
        let metadata = Arc::new(without_dictionaries_at_zero(metadata)?);
        let found = ArrowReaderMetadata::try_new(Arc::clone(&metadata), ArrowReaderOptions::new())?;
        let mut leaves = found.parquet_schema().columns().iter();
        let mut stored = || leaves.next().map(|leaf| leaf.physical_type());
        let schema = with_views(found.schema(), &mut stored);
        ArrowReaderMetadata::try_new(metadata, ArrowReaderOptions::new().with_schema(Arc::new(schema)))
    }))
}

/// Some writers say that a dictionary which is not there lies at 0, and the library would look for it there.
fn without_dictionaries_at_zero(metadata: ParquetMetaData) -> Result<ParquetMetaData, ParquetError> {
    let is_wrong = |group: &RowGroupMetaData| group.columns().iter().any(|c| c.dictionary_page_offset() == Some(0));
    if !metadata.row_groups().iter().any(is_wrong) {
        return Ok(metadata);
    }
    let mut builder = metadata.into_builder();
    let mut groups = Vec::new();
    for group in builder.take_row_groups() {
        let mut columns = Vec::new();
        for column in group.columns() {
            let offset = column.dictionary_page_offset().filter(|offset| *offset > 0);
            columns.push(column.clone().into_builder().set_dictionary_page_offset(offset).build()?);
        }
        groups.push(group.into_builder().set_column_metadata(columns).build()?);
    }
    Ok(builder.set_row_groups(groups).build())
}

/// Two readings of one footer that differ mean that one of them is deceived.
fn check_agreement(footer: &Footer, metadata: &ParquetMetaData, file: &StoredFile) -> Result<(), Error> {
    let leaves = metadata.file_metadata().schema_descr().columns();
    let same_leaves = leaves.len() == footer.leaves().len()
        && leaves.iter().zip(footer.leaves()).all(|(leaf, looked_at)| leaf.path().string() == looked_at.path);
    let rows = metadata.row_groups().iter().map(|group| u64::try_from(group.num_rows()).ok());
    if same_leaves && rows.eq(footer.rows_of_groups().map(Some)) {
        return Ok(());
    }
    let problem = "its description of the data can be read in two ways";
    Err(ErrorKind::Damaged { position: Position::new(file.name()), part: Part::default(), problem }.into())
}

/// Rows of one row group, a batch at a time.
#[derive(Debug)]
pub(crate) struct GroupRows {
    table: Arc<Table>,
    /// Gone once it has failed.
    reader: Option<ParquetRecordBatchReader>,
    schema: SchemaRef,
    failing: Failing,
    /// What was decoded and not handed on.
    rest: Option<RecordBatch>,
    /// Of the next row, from 1.
    number: u64,
    left: u64,
}

impl GroupRows {
    /// The next rows; `None` at the end of the row group.
    pub(crate) fn next(&mut self) -> Result<Option<BatchRows>, Error> {
        let decoded = match self.rest.take() {
            Some(rest) => Some(rest),
            None => self.decode()?,
        };
        let Some(batch) = decoded else {
            return if self.left == 0 { Ok(None) } else { Err(self.failing.damaged("it has fewer rows than it says")) };
        };
        let batch = self.divide(batch)?;
        let rows = self.table.layout.rows(&batch, self.number)?;
        let count = batch.num_rows() as u64;
        self.left =
            self.left.checked_sub(count).ok_or_else(|| self.failing.damaged("it has more rows than it says"))?;
        self.number += count;
        Ok(Some(rows))
    }

    fn decode(&mut self) -> Result<Option<RecordBatch>, Error> {
        let Some(mut reader) = self.reader.take() else { return Ok(None) };
        let Some(batch) = self.failing.outcome(guarded(|| reader.next().transpose()))? else { return Ok(None) };
        self.reader = Some(reader);
        self.with_partitions(batch).map(Some)
    }

    /// As many rows of a batch as have little text together; the rest comes next.
    fn divide(&mut self, batch: RecordBatch) -> Result<RecordBatch, Error> {
        let mut all = Texts::default();
        for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
            let texts = Texts::of(column);
            if texts.longest > self.table.field_bytes {
                let what = "a text has more bytes";
                return Err(self.too_large(Some(field.name()), what, self.table.field_bytes as u64));
            }
            all = all.and(texts);
        }
        let rows = if all.sum <= BATCH_TEXT { batch.num_rows() } else { (BATCH_TEXT / all.longest.max(1)).max(1) };
        if rows >= batch.num_rows() {
            return self.counted(batch, all);
        }
        self.rest = Some(batch.slice(rows, batch.num_rows() - rows));
        let chosen = batch.slice(0, rows);
        let texts = chosen.columns().iter().map(Texts::of).fold(Texts::default(), Texts::and);
        self.counted(chosen, texts)
    }

    /// Counts the texts of what is handed on.
    fn counted(&self, batch: RecordBatch, texts: Texts) -> Result<RecordBatch, Error> {
        let bytes = texts.sum;
        let shown = self.table.text_bytes.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
        let limit = TEXT_BYTES.0.saturating_add(self.table.file.size().saturating_mul(TEXT_BYTES.1));
        if shown > limit {
            Err(self.too_large(None, "the texts of all rows have more bytes", limit))
        } else {
            Ok(batch)
        }
    }

    fn too_large(&self, column: Option<&str>, what: &'static str, limit: u64) -> Error {
        let position = Position::new(self.table.file.name());
        let position = column.map_or(position.clone(), |column| position.named(column));
        ErrorKind::TooLarge { position, part: self.failing.part, what, limit }.into()
    }

    fn with_partitions(&self, batch: RecordBatch) -> Result<RecordBatch, Error> {
        if self.table.partitions.is_empty() {
            return Ok(batch);
        }
        let rows = batch.num_rows();
        let columns = batch.columns().iter().cloned().chain(self.table.partition_columns(rows)).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns);
        batch.map_err(|_| self.failing.damaged("its columns are not as long as each other"))
    }
}

/// How much text the views of a column show.
#[derive(Clone, Copy, Debug, Default)]
struct Texts {
    sum: usize,
    longest: usize,
}

impl Texts {
    /// Calls itself for the fields of a structure; the depth of the schema has been checked.
    fn of(column: &ArrayRef) -> Texts {
        match column.data_type() {
            DataType::Utf8View => Texts::of_views(column.as_string_view().views()),
            DataType::BinaryView => Texts::of_views(column.as_binary_view().views()),
            DataType::Struct(_) => {
                column.as_struct().columns().iter().map(Texts::of).fold(Texts::default(), Texts::and)
            }
            _ => Texts::default(),
        }
    }

    fn and(self, other: Texts) -> Texts {
        Texts { sum: self.sum + other.sum, longest: self.longest.max(other.longest) }
    }

    /// The length of a text is in the lower half of the lower half of its view.
    fn of_views(views: &[u128]) -> Texts {
        let lengths = views.iter().map(|view| *view as u32 as usize);
        lengths.fold(Texts::default(), |all, length| Texts { sum: all.sum + length, longest: all.longest.max(length) })
    }
}

/// What a call of the library that fails is told as.
#[derive(Debug)]
struct Failing {
    chunks: Chunks,
    file: StoredFile,
    part: Part,
}

impl Failing {
    fn new(file: &StoredFile, row_group: Option<usize>) -> Failing {
        Failing { chunks: Chunks::new(file), file: file.clone(), part: Part { row_group, offset: None } }
    }

    /// What the library returned. Its own texts are left out: they may hold data.
    fn outcome<T, E: Cause>(&self, outcome: Result<Result<T, E>, Box<dyn Any + Send>>) -> Result<T, Error> {
        let cause = match outcome {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(cause)) => Some(cause),
            Err(_) => None,
        };
        if let Some(failure) = self.chunks.failure() {
            return Err(rfm_input::Error::of_read(failure, Position::new(self.file.name())).into());
        }
        // A file that somebody writes to at the same moment is not a damaged one.
        self.file.check()?;
        let (position, part) = (Position::new(self.file.name()), self.part);
        match cause {
            None => Err(ErrorKind::Crashed { position, part }.into()),
            Some(cause) if cause.is_unknown() => {
                let what = "the file has types or encodings that are not known here".to_owned();
                Err(ErrorKind::Unsupported { position, part, what, help: "write it with another program" }.into())
            }
            Some(_) if part.row_group.is_none() => Err(self.damaged("its description of the data cannot be read")),
            Some(_) => Err(self.damaged("its data cannot be decoded")),
        }
    }

    fn damaged(&self, problem: &'static str) -> Error {
        ErrorKind::Damaged { position: Position::new(self.file.name()), part: self.part, problem }.into()
    }
}

/// Why the library returned an error.
trait Cause {
    /// Whether it met something that it does not know.
    fn is_unknown(&self) -> bool;
}

impl Cause for ParquetError {
    fn is_unknown(&self) -> bool {
        matches!(self, ParquetError::NYI(_))
    }
}

impl Cause for ArrowError {
    fn is_unknown(&self) -> bool {
        matches!(self, ArrowError::NotYetImplemented(_))
    }
}

/// Whether values are texts, also in a dictionary.
fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => is_text(values),
        DataType::FixedSizeBinary(_) => true,
        other => other.is_string() || other.is_binary(),
    }
}
