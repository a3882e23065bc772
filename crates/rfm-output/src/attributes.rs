//! Columns of texts that come from a second table: country, name, e-mail of each customer.

/// Attributes of customers: for each column one text or none for each customer, in the order of the customers.
///
/// # Examples
///
/// ```
/// use rfm_output::Attributes;
///
/// let values = [Some("France".to_owned()), None];
/// let attributes = Attributes::default().with("Country", values);
/// assert_eq!(attributes.names().collect::<Vec<_>>(), ["Country"]);
/// assert_eq!((attributes.value(0, 0), attributes.value(0, 1)), (Some("France"), None));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    columns: Vec<(String, Vec<Option<Box<str>>>)>,
}

impl Attributes {
    /// Adds a column. An empty or blank text is none.
    #[must_use]
    pub fn with(mut self, name: &str, values: impl IntoIterator<Item = Option<String>>) -> Attributes {
        let filled = |value: Option<String>| value.filter(|value| !value.trim().is_empty()).map(String::into_boxed_str);
        self.columns.push((name.to_owned(), values.into_iter().map(filled).collect()));
        self
    }

    /// The names of the columns.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// The column of a name, in any case.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.names().position(|column| column.eq_ignore_ascii_case(name))
    }

    /// The value of a customer, both counted from 0.
    #[must_use]
    pub fn value(&self, column: usize, customer: usize) -> Option<&str> {
        self.columns.get(column)?.1.get(customer)?.as_deref()
    }

    /// Number of customers of each column.
    pub(crate) fn lengths(&self) -> impl Iterator<Item = usize> {
        self.columns.iter().map(|(_, values)| values.len())
    }
}
