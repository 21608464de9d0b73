//! Columnar files from the outside: files written here, claims and errors out.

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod robust;
#[cfg(test)]
mod same;
